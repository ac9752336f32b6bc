package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// The host under test, plain: what is compressed is asked for and unpacked here.
type host struct{ base string }

var client = &http.Client{Transport: &http.Transport{DisableCompression: true}}

func (h host) ask(method, path, coding string) (*http.Response, []byte, error) {
	request, err := http.NewRequest(method, h.base+"/"+path, nil)
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("Accept-Encoding", coding)
	response, err := client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, body, err
}

// get reads a path, and holds the answer to what C2SP tlog-tiles says of its headers.
func (h host) get(path string) ([]byte, error) {
	response, body, err := h.ask("GET", path, "identity")
	if err != nil {
		return nil, err
	}
	if response.StatusCode != 200 {
		return nil, fmt.Errorf("%s: status %d", path, response.StatusCode)
	}
	kind, cache := "application/octet-stream", "public, max-age=31536000, immutable"
	if path == "checkpoint" {
		kind, cache = "text/plain; charset=utf-8", "max-age=1"
	}
	if got := response.Header.Get("Content-Type"); got != kind {
		return nil, fmt.Errorf("%s: Content-Type %q", path, got)
	}
	if got := response.Header.Get("Cache-Control"); got != cache {
		return nil, fmt.Errorf("%s: Cache-Control %q", path, got)
	}
	return body, nil
}

// cached is get, asking once for what never changes.
func (h host) cached() source {
	kept := map[string][]byte{}
	return func(path string) ([]byte, error) {
		if body, found := kept[path]; found {
			return body, nil
		}
		body, err := h.get(path)
		if err == nil && strings.HasPrefix(path, "tile/") {
			kept[path] = body
		}
		return body, err
	}
}

// checkGzip compares the compressed form of a bundle with the plain one.
func (h host) checkGzip(path string) error {
	plain, err := h.get(path)
	if err != nil {
		return err
	}
	response, body, err := h.ask("GET", path, "gzip, identity")
	if err != nil {
		return err
	}
	if response.Header.Get("Content-Encoding") != "gzip" {
		return fmt.Errorf("%s is not compressed", path)
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return err
	}
	again, err := io.ReadAll(unpacked)
	if err != nil || !bytes.Equal(plain, again) {
		return fmt.Errorf("%s is another when compressed (%v)", path, err)
	}
	return nil
}

// checkHead compares the answer to HEAD with that to GET.
func (h host) checkHead(path string) error {
	body, err := h.get(path)
	if err != nil {
		return err
	}
	response, none, err := h.ask("HEAD", path, "identity")
	if err != nil {
		return err
	}
	if len(none) != 0 || response.StatusCode != 200 || response.ContentLength != int64(len(body)) {
		return fmt.Errorf("HEAD %s: status %d, length %d", path, response.StatusCode, response.ContentLength)
	}
	return nil
}

// checkStatus asks for what should not be there.
func (h host) checkStatus(path string, status int) error {
	response, _, err := h.ask("GET", path, "identity")
	if err == nil && response.StatusCode != status {
		err = fmt.Errorf("%s: status %d, not %d", path, response.StatusCode, status)
	}
	return err
}
