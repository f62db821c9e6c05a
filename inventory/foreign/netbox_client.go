package foreign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Bounds of what a server may send.
const (
	mostPages   = 2000
	maxPage     = 64 << 20
	pageTimeout = time.Minute
	pageSize    = "200"
)

// Fetch reads all devices that a NetBox or Nautobot server shows under an address: its own one, https://netbox.example.net, or that of a query,
// https://netbox.example.net/api/dcim/devices/?role=router. Further pages are read from the same server alone, so that the token goes nowhere else. The error never holds the token.
func Fetch(ctx context.Context, address, token string) (*List, error) {
	first, err := url.Parse(address)
	if err != nil || first.Host == "" {
		return nil, fmt.Errorf("%q is no address of a server", address)
	}
	if first.User != nil {
		return nil, errors.New("a password in the address would stand in logs; give a token")
	}
	if !strings.Contains(first.Path, "/api/") {
		first.Path = strings.TrimSuffix(first.Path, "/") + "/api/dcim/devices/"
	}
	query := first.Query()
	if !query.Has("limit") {
		query.Set("limit", pageSize)
	}
	first.RawQuery = query.Encode()
	l := &List{Format: NetBox, Source: address}
	client := http.Client{Timeout: pageTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	seen := map[string]bool{}
	total, shown := 0, 0
	for next := first; next != nil; {
		if len(seen) == mostPages || seen[next.String()] {
			return nil, fmt.Errorf("%s: the server has no last page: page %d, %s, was read already or is one too many", address, len(seen)+1, next.Redacted())
		}
		seen[next.String()] = true
		page, err := fetchPage(ctx, &client, next, token)
		if err != nil {
			return nil, err
		}
		total, shown = max(total, page.Count), shown+len(page.Results)
		if err := l.netBox(page); err != nil {
			return nil, fmt.Errorf("%s: %w", address, err)
		}
		if page.Next == "" {
			break
		}
		if next, err = next.Parse(page.Next); err != nil {
			return nil, fmt.Errorf("%s: the address of the next page can't be read", address)
		}
		if next.Host != first.Host {
			return nil, fmt.Errorf("%s: the next page is said to be on another server, %q; the token is not sent there", address, next.Host)
		}
		next.Scheme = first.Scheme // behind a proxy the server may not know that it is reached by https
	}
	if shown < total {
		return nil, fmt.Errorf("%s: the server counts %d devices and showed %d; nothing was imported", address, total, shown)
	}
	return l, l.check()
}

func fetchPage(ctx context.Context, client *http.Client, at *url.URL, token string) (netBoxPage, error) {
	var page netBoxPage
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return page, err
	}
	request.Header.Set("Accept", "application/json")
	if token != "" {
		scheme := "Token "
		if strings.HasPrefix(token, "nbt_") { // the second kind of tokens, since NetBox 4.5
			scheme = "Bearer "
		}
		request.Header.Set("Authorization", scheme+token)
	}
	reply, err := client.Do(request)
	if err != nil {
		return page, err
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		hint := ""
		switch reply.StatusCode {
		case http.StatusUnauthorized, http.StatusForbidden:
			hint = "; is the token right, and may it see devices? (--token env:NAME)"
		case http.StatusNotFound:
			hint = "; is this a NetBox or Nautobot server?"
		case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
			hint = fmt.Sprintf("; it points to %q, and the token goes nowhere else by itself", reply.Header.Get("Location"))
		}
		return page, fmt.Errorf("%s: the server answers %d %s%s", at.Redacted(), reply.StatusCode, http.StatusText(reply.StatusCode), hint)
	}
	data, err := io.ReadAll(io.LimitReader(reply.Body, maxPage+1))
	if err != nil {
		return page, fmt.Errorf("%s: %w", at.Redacted(), err)
	}
	if len(data) > maxPage {
		return page, fmt.Errorf("%s: a page of more than %d MiB", at.Redacted(), maxPage>>20)
	}
	if err := json.Unmarshal(data, &page); err != nil {
		return page, fmt.Errorf("%s: the reply is not what NetBox sends: %w", at.Redacted(), err)
	}
	return page, nil
}
