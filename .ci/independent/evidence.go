package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// A leaf is an entry with its place in the newer tree.
type leaf struct {
	Entry []byte
	Index int64
	Proof []string
}

// evidence is a file of evidence as docs/formats.md has it.
type evidence struct {
	Claim   string
	Log     string
	Genesis leaf
	Newer   string
	Older   *string
	Prefix  *struct {
		Proof []string
		Root  string
	}
	Entries []leaf
	Blobs   [][]byte
}

// judgeEvidence judges a file of evidence: a nil error says that it proves that the log's key signed
// two trees of which one is not the beginning of the other, or an entry that breaks a rule. Of the
// rules, those about limits and the exact form of entries and requests are not judged here.
func judgeEvidence(file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var e evidence
	if err := json.Unmarshal(content, &e); err != nil {
		return err
	}
	by, err := signerOf(e.Genesis.Entry, e.Log)
	if err != nil {
		return err
	}
	newer, err := by.open([]byte(e.Newer))
	if err != nil {
		return fmt.Errorf("newer: %w", err)
	}
	if e.Genesis.Proof != nil || e.Claim == "entry" {
		if err := e.Genesis.verify(newer); err != nil {
			return err
		}
	}
	switch {
	case e.Claim == "fork" && e.Older != nil:
		older, err := by.open([]byte(*e.Older))
		if err != nil {
			return fmt.Errorf("older: %w", err)
		}
		return e.judgeFork(older, newer)
	case e.Claim == "entry" && len(e.Entries) > 0:
		for _, each := range e.Entries {
			if err := each.verify(newer); err != nil {
				return err
			}
		}
		return e.judgeEntry(newer)
	}
	return fmt.Errorf("a claim of %q is not judged", e.Claim)
}

// verify checks that the tree holds the leaf.
func (l leaf) verify(signed tlog.Tree) error {
	proof, err := parseHashes(l.Proof)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, signed.N, signed.Hash, l.Index, tlog.RecordHash(l.Entry)); err != nil {
		return fmt.Errorf("entry %d: %w", l.Index, err)
	}
	return nil
}

// judgeFork returns nil if the newer tree does not begin with the older one.
func (e evidence) judgeFork(older, newer tlog.Tree) error {
	if older.N == newer.N {
		if older.Hash == newer.Hash {
			return errors.New("both checkpoints are of one tree")
		}
		return nil
	}
	begins, err := e.prefix(older.N, newer)
	if err != nil {
		return err
	}
	if begins == older.Hash {
		return errors.New("the newer tree begins with the older one")
	}
	return nil
}

// prefix is the root of the first leaves of the newer tree.
func (e evidence) prefix(size int64, newer tlog.Tree) (tlog.Hash, error) {
	var root tlog.Hash
	if e.Prefix == nil || size <= 0 || size >= newer.N {
		return root, errors.New("nothing shows what the newer tree begins with")
	}
	decoded, err := hex.DecodeString(e.Prefix.Root)
	if err != nil || len(decoded) != tlog.HashSize {
		return root, errors.New("the root is no hash")
	}
	copy(root[:], decoded)
	proof, err := parseHashes(e.Prefix.Proof)
	if err != nil {
		return root, err
	}
	return root, tlog.CheckTree(tlog.TreeProof(proof), newer.N, newer.Hash, size, root)
}

// A parsed entry has what the rules ask for.
type parsed struct {
	V      int
	Seq    int64
	Prev   string
	Time   int64
	Kind   string
	Auth   string
	Caller struct {
		Key *string
		Sig string
	}
	Request  json.RawMessage
	Outcomes json.RawMessage
}

// A request is what a caller signed.
type request struct {
	Log     string
	Session string
	N       int64
	Seen    struct {
		Size int64
		Root string
	}
	Calls []json.RawMessage
}

// text reads the request, which may be a blob.
func (p parsed) text(blobs [][]byte) ([]byte, error) {
	var inline string
	if json.Unmarshal(p.Request, &inline) == nil {
		return []byte(inline), nil
	}
	var named struct{ Sha256 string }
	if err := json.Unmarshal(p.Request, &named); err != nil {
		return nil, err
	}
	for _, blob := range blobs {
		if hash := sha256.Sum256(blob); hex.EncodeToString(hash[:]) == named.Sha256 {
			return blob, nil
		}
	}
	return nil, errors.New("the request is not in the file")
}

// signed returns the request that the entry's caller signed, or false.
func (p parsed) signed(text []byte) (request, bool) {
	var asked request
	key, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(*p.Caller.Key, "ed25519:"))
	if err != nil || len(key) != ed25519.PublicKeySize {
		return asked, false
	}
	signature, err := base64.RawURLEncoding.DecodeString(p.Caller.Sig)
	if err != nil || json.Unmarshal(text, &asked) != nil {
		return asked, false
	}
	return asked, ed25519.Verify(key, append([]byte("glasshouse/call/v1\n"), text...), signature)
}

// judgeEntry returns nil if the last entry breaks a rule.
func (e evidence) judgeEntry(newer tlog.Tree) error {
	accused := e.Entries[len(e.Entries)-1]
	var entry, genesis parsed
	if json.Unmarshal(accused.Entry, &entry) != nil || entry.V == 0 {
		return nil // no entry at all
	}
	if entry.V != 1 {
		return errors.New("an entry of another version is not judged")
	}
	if err := json.Unmarshal(e.Genesis.Entry, &genesis); err != nil {
		return err
	}
	if entry.Seq != accused.Index || entry.Kind == "genesis" {
		return nil
	}
	for _, each := range append([]leaf{e.Genesis}, e.Entries...) {
		if each.Index != accused.Index-1 {
			continue
		}
		hash := tlog.RecordHash(each.Entry)
		var before parsed
		if entry.Prev != hex.EncodeToString(hash[:]) ||
			(json.Unmarshal(each.Entry, &before) == nil && entry.Time < before.Time) {
			return nil
		}
	}
	if entry.Kind != "call" {
		return errors.New("only calls are judged further")
	}
	if entry.Caller.Key == nil {
		if genesis.Auth == "signed" {
			return nil
		}
		return errors.New("a debug host takes callers at their word")
	}
	text, err := entry.text(e.Blobs)
	if err != nil {
		return err
	}
	asked, ok := entry.signed(text)
	if !ok || asked.Log != e.Log || asked.Seen.Size > accused.Index {
		return nil
	}
	for _, each := range e.Entries[:len(e.Entries)-1] {
		var earlier parsed
		if json.Unmarshal(each.Entry, &earlier) != nil || earlier.Caller.Key == nil {
			continue
		}
		text, err := earlier.text(e.Blobs)
		if err != nil {
			continue
		}
		used, ok := earlier.signed(text)
		if ok && *earlier.Caller.Key == *entry.Caller.Key && used.Session == asked.Session && used.N >= asked.N {
			return nil
		}
	}
	begins, err := e.prefix(asked.Seen.Size, newer)
	if err == nil && hex.EncodeToString(begins[:]) != asked.Seen.Root {
		return nil
	}
	return errors.New("the entry breaks no rule that is judged here")
}

// checkEvidenceVectors judges the files of docs/vectors/evidence.json, which says what they prove.
func checkEvidenceVectors(vectors, dir string) {
	content, err := os.ReadFile(vectors)
	must(err)
	var cases struct {
		Judged []struct {
			Proved         bool
			Sentence, Text string
		}
	}
	must(json.Unmarshal(content, &cases))
	for i, each := range cases.Judged {
		file := filepath.Join(dir, fmt.Sprintf("evidence-%d.json", i))
		must(os.WriteFile(file, []byte(each.Text), 0o600))
		if each.Proved {
			check(each.Sentence, judgeEvidence(file))
		} else {
			refused(each.Sentence, judgeEvidence(file))
		}
	}
}

// checkEvidence expects that a file of evidence proves a lie, and that no version of it with a changed
// signature, root or hash does.
func checkEvidence(file string) {
	check("evidence "+file, judgeEvidence(file))
	content, err := os.ReadFile(file)
	if err != nil {
		return
	}
	var members map[string]any
	if err := json.Unmarshal(content, &members); err != nil {
		return
	}
	for _, name := range []string{"newer", "older"} {
		note, found := members[name].(string)
		if !found {
			continue
		}
		doctored := map[string]any{}
		for key, value := range members {
			doctored[key] = value
		}
		// Another root than was signed.
		lines := bytes.SplitN([]byte(note), []byte("\n"), 4)
		lines[2] = []byte(base64.StdEncoding.EncodeToString(make([]byte, tlog.HashSize)))
		doctored[name] = string(bytes.Join(lines, []byte("\n")))
		text, err := json.Marshal(doctored)
		if err != nil {
			return
		}
		changed := file + ".doctored"
		if err := os.WriteFile(changed, text, 0o600); err != nil {
			return
		}
		refused("evidence with another root in "+name, judgeEvidence(changed))
	}
}
