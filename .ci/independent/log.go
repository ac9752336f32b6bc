package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Hashes in a tile are 2 to the power of height.
const height = 8

// A source answers with what is published at a path, which starts without a slash.
type source func(path string) ([]byte, error)

// with is the source with one path answered otherwise.
func (s source) with(path string, body []byte) source {
	return func(asked string) ([]byte, error) {
		if asked == path {
			return body, nil
		}
		return s(asked)
	}
}

// tilePath is the path of a tile as C2SP tlog-tiles writes it: tlog's own has the height in it too.
func tilePath(t tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", height))
}

// bundlePath is the path of the entries under a tile of level 0.
func bundlePath(t tlog.Tile) string {
	return "tile/entries/" + strings.TrimPrefix(tilePath(t), "tile/0/")
}

// tilesOf lists the tiles of a tree, without the narrower ones that earlier trees had in their place.
func tilesOf(size int64) []tlog.Tile {
	var tiles []tlog.Tile
	for _, t := range tlog.NewTiles(height, 0, size) {
		if k := len(tiles) - 1; k >= 0 && tiles[k].L == t.L && tiles[k].N == t.N {
			tiles = tiles[:k]
		}
		tiles = append(tiles, t)
	}
	return tiles
}

// parseBundle parts the bytes of a bundle into its entries.
func parseBundle(body []byte, width int) ([][]byte, error) {
	var entries [][]byte
	for len(body) > 0 {
		if len(body) < 2 || len(body) < 2+int(binary.BigEndian.Uint16(body)) {
			return nil, errors.New("a bundle ends inside an entry")
		}
		end := 2 + int(binary.BigEndian.Uint16(body))
		entries = append(entries, body[2:end])
		body = body[end:]
	}
	if len(entries) != width {
		return nil, fmt.Errorf("a bundle of %d entries has %d", width, len(entries))
	}
	return entries, nil
}

// readEntries reads all entries of a tree of this size.
func readEntries(from source, size int64) ([][]byte, error) {
	var entries [][]byte
	for _, t := range tilesOf(size) {
		if t.L > 0 {
			continue
		}
		body, err := from(bundlePath(t))
		if err != nil {
			return nil, err
		}
		bundle, err := parseBundle(body, t.W)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", bundlePath(t), err)
		}
		entries = append(entries, bundle...)
	}
	return entries, nil
}

// A tree holds every hash of a Merkle tree, in tlog's order.
type tree []tlog.Hash

func (t tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(t)) {
			return nil, fmt.Errorf("the tree has no hash %d", index)
		}
		hashes[i] = t[index]
	}
	return hashes, nil
}

// hashEntries computes the tree over entries.
func hashEntries(entries [][]byte) (tree, error) {
	var t tree
	for i, entry := range entries {
		hashes, err := tlog.StoredHashes(int64(i), entry, t)
		if err != nil {
			return nil, err
		}
		t = append(t, hashes...)
	}
	return t, nil
}

// root is the root of the first entries.
func (t tree) root(size int64) tlog.Hash {
	hash, err := tlog.TreeHash(size, t)
	if err != nil {
		panic(err) // sizes come from the entries that it was made of
	}
	return hash
}

// A tileReader gives tlog its tiles.
type tileReader struct{ from source }

func (r tileReader) Height() int                     { return height }
func (r tileReader) SaveTiles([]tlog.Tile, [][]byte) {}

func (r tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var bodies [][]byte
	for _, t := range tiles {
		body, err := r.from(tilePath(t))
		if err != nil {
			return nil, err
		}
		if len(body) != t.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", tilePath(t), len(body))
		}
		bodies = append(bodies, body)
	}
	return bodies, nil
}

// proved reads hashes from tiles; those that it returns are proven to be in the signed tree.
func proved(signed tlog.Tree, from source) tlog.HashReader {
	return tlog.TileHashReader(signed, tileReader{from})
}

// A signer is whose checkpoints count, and for which log.
type signer struct {
	origin   string
	verifier note.Verifier
}

// signerOf takes the signer from entry 0, which must be the one that the log's id names.
func signerOf(entry []byte, id string) (*signer, error) {
	leaf := tlog.RecordHash(entry)
	if hex.EncodeToString(leaf[:]) != id {
		return nil, errors.New("entry 0 is that of another log")
	}
	var genesis struct{ Kind, Host, Origin string }
	if err := json.Unmarshal(entry, &genesis); err != nil {
		return nil, err
	}
	key, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(genesis.Host, "ed25519:"))
	if err != nil || genesis.Kind != "genesis" {
		return nil, fmt.Errorf("entry 0 is no genesis entry: %s", entry)
	}
	vkey, err := note.NewEd25519VerifierKey(genesis.Origin, key)
	if err != nil {
		return nil, err
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, err
	}
	return &signer{genesis.Origin, verifier}, nil
}

// open verifies a checkpoint.
func (s *signer) open(checkpoint []byte) (tlog.Tree, error) {
	opened, err := note.Open(checkpoint, note.VerifierList(s.verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	// To tlog the first line is always that of Go's own log.
	const first = "go.sum database tree\n"
	text := []byte(strings.Replace(opened.Text, s.origin+"\n", first, 1))
	signed, err := tlog.ParseTree(text)
	if err != nil {
		return tlog.Tree{}, err
	}
	if !bytes.Equal(tlog.FormatTree(signed), text) {
		return tlog.Tree{}, errors.New("the checkpoint has more than three lines")
	}
	return signed, nil
}

// checkEntries recomputes the root from the entries.
func checkEntries(entries [][]byte, signed tlog.Tree) (tree, error) {
	t, err := hashEntries(entries)
	if err != nil {
		return nil, err
	}
	if root := t.root(int64(len(entries))); int64(len(entries)) != signed.N || root != signed.Hash {
		return nil, fmt.Errorf("the entries have root %v, signed is %v", root, signed.Hash)
	}
	return t, nil
}

// checkChain follows the members that name each entry's place and the leaf hash of the one before.
func checkChain(entries [][]byte) error {
	var before tlog.Hash
	for i, entry := range entries {
		var link struct {
			Seq  int
			Prev string
		}
		if err := json.Unmarshal(entry, &link); err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
		if link.Seq != i || link.Prev != hex.EncodeToString(before[:]) {
			return fmt.Errorf("entry %d does not follow the one before", i)
		}
		before = tlog.RecordHash(entry)
	}
	return nil
}

// checkTiles compares each of these tiles with the tree.
func checkTiles(from source, tiles []tlog.Tile, t tree) error {
	for _, tile := range tiles {
		expected, err := tlog.ReadTileData(tile, t)
		if err != nil {
			return err
		}
		body, err := from(tilePath(tile))
		if err != nil {
			return err
		}
		if !bytes.Equal(body, expected) {
			return fmt.Errorf("%s is not of the tree", tilePath(tile))
		}
	}
	return nil
}

// checkInclusion proves an entry from the tiles.
func checkInclusion(from source, signed tlog.Tree, index int64, entry []byte) error {
	proof, err := tlog.ProveRecord(signed.N, index, proved(signed, from))
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, signed.N, signed.Hash, index, tlog.RecordHash(entry))
}

// checkConsistency proves from the tiles of the newer tree that the older one is its beginning.
func checkConsistency(from source, older, newer tlog.Tree) error {
	proof, err := tlog.ProveTree(newer.N, older.N, proved(newer, from))
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, newer.N, newer.Hash, older.N, older.Hash)
}
