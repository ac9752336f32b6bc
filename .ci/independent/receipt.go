package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// A receipt is what proves one entry offline.
type receipt struct {
	index      int64
	entry      []byte
	proof      tlog.RecordProof
	checkpoint []byte
}

// readReceipt reads a caller's receipt.
func readReceipt(file string) (receipt, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return receipt{}, err
	}
	var members struct {
		Checkpoint string
		Entry      string
		Index      int64
		Proof      []string
	}
	if err := json.Unmarshal(content, &members); err != nil {
		return receipt{}, err
	}
	proof, err := parseHashes(members.Proof)
	return receipt{members.Index, []byte(members.Entry), proof, []byte(members.Checkpoint)}, err
}

// readProof reads a file of C2SP tlog-proof, which proves the given entry.
func readProof(file string, entry []byte) (receipt, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return receipt{}, err
	}
	head, checkpoint, found := strings.Cut(string(content), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return receipt{}, errors.New("not a tlog-proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return receipt{}, err
	}
	proof, err := parseHashes(lines[2:])
	return receipt{index, entry, proof, []byte(checkpoint)}, err
}

func parseHashes(lines []string) (tlog.RecordProof, error) {
	var hashes tlog.RecordProof
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

// verify returns the tree that the signer signed with the entry in it.
func (r receipt) verify(by *signer) (tlog.Tree, error) {
	signed, err := by.open(r.checkpoint)
	if err != nil {
		return tlog.Tree{}, err
	}
	leaf := tlog.RecordHash(r.entry)
	return signed, tlog.CheckRecord(r.proof, signed.N, signed.Hash, r.index, leaf)
}
