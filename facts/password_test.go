package facts

import "testing"

func TestWithoutPasswords(t *testing.T) {
	for text, want := range map[string]string{
		"boot system ftp://cisco:secret@10.1.1.1/c2600-i-mz.bin":       "boot system ftp://cisco:***@10.1.1.1/c2600-i-mz.bin",
		"scp://u:p@ss:word@host//flash/a.bin\nnext":                    "scp://u:***@host//flash/a.bin\nnext",
		"scp://u:@host/a, scp://v:w@host/b":                            "scp://u:***@host/a, scp://v:***@host/b",
		"sftp://:p@host/a":                                             "sftp://:***@host/a",
		"tftp://10.1.1.1/a.bin":                                        "tftp://10.1.1.1/a.bin",
		"https://host:8443/a@b":                                        "https://host:8443/a@b",
		"ftp://user@host/a":                                            "ftp://user@host/a",
		"Copyright (c) 1986-2020\n<http://a.example>, mail: x@y:z@a/b": "Copyright (c) 1986-2020\n<http://a.example>, mail: x@y:z@a/b",
		"Aboot password (encrypted): $1$abc$012/.\nMemory":             "Aboot password (encrypted): ***\nMemory",
		"Aboot password (encrypted): (not set)":                        "Aboot password (encrypted): (not set)",
		"{\"abootPassword\": \"$1$a$b\", \"a\": 1}":                    "{\"abootPassword\": \"***\", \"a\": 1}",
		"<uri>ftp://a:b@c/d</uri>":                                     "<uri>ftp://a:***@c/d</uri>",
	} {
		if got := WithoutPasswords(text); got != want {
			t.Errorf("%q becomes %q, not %q", text, got, want)
		}
		if got := WithoutPasswords(want); got != want {
			t.Errorf("%q does not stay as it is: %q", want, got)
		}
	}
}
