package collectors

import "testing"

func TestSeconds(t *testing.T) {
	for text, want := range map[string]string{
		"161 days, 0 hour, 20 minutes":           "13911600",
		"60 weeks, 4 days, 11 hours, 20 minutes": "36674400",
		"22 weeks,4 days,1 hour,17 minutes":      "13655820",
		"1 year, 2 weeks, 1 second":              "32745601",
		"109 days 16 hrs 33 mins 12 secs":        "9477192",
		"134d 1h 55m":                            "11584500",
		" 15 days ":                              "1296000",
		"0 minutes":                              "0",
		"999999999 years":                        "31535999968464000",
		"":                                       "",
		"1 day, ":                                "86400",
		"1 day and 2 hours":                      "",
		"2 hours, 1 day":                         "",
		"1 day, 1 day":                           "",
		"-1 day":                                 "",
		"1.5 days":                               "",
		"12 minutes ago":                         "",
		"1 month":                                "",
		"99999999999999999999 days":              "",
		"up 1 day":                               "",
		"1 daylight":                             "",
		"5 min since the last reboot by unauthorised at": "",
	} {
		got, ok := Seconds(text)
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v, want %q", text, got, ok, want)
		}
	}
}
