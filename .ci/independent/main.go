// Program independent checks a published log by golang.org/x/mod/sumdb, packages note and tlog: the
// library of Go's checksum database, which knows nothing of this log's software. Then it doctors what
// it read, and expects the same checks to refuse it. It prints a line for each check.
//
// Usage: independent URL LOG-ID DIR, with N.receipt and N.tlog-proof of some entries N in DIR. Or
// independent log URL LOG-ID, for a log of any size: what is published fits together, to the last entry.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	seed       = 2026
	entries    = 70_000 // three levels of tiles, the second with more than one
	inclusions = 500
	sizes      = 150
)

// A run is what the checks share.
type run struct {
	web      host
	from     source
	random   *rand.Rand
	id       string
	receipts string

	by         *signer
	checkpoint []byte
	signed     tlog.Tree
	entries    [][]byte
	tree       tree
}

var failed, passed int

// check prints a line for what should hold.
func check(what string, err error) {
	if err != nil {
		failed++
		fmt.Printf("FAILED  %s: %v\n", what, err)
		return
	}
	passed++
	fmt.Printf("ok      %s\n", what)
}

// refused prints a line for what should not hold, with the words in which it was refused.
func refused(what string, err error) {
	if err == nil {
		failed++
		fmt.Printf("FAILED  %s: accepted\n", what)
		return
	}
	passed++
	fmt.Printf("ok      refused: %s (%v)\n", what, err)
}

// must stops at what only prepares a check.
func must(err error) {
	if err != nil {
		check("what the checks need", err)
		summarise()
	}
}

func summarise() {
	fmt.Printf("independent: %d passed, %d failed\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
	os.Exit(0)
}

// allRefused is refused for several of a kind.
func allRefused(what string, errs []error) {
	var last error
	for i, err := range errs {
		if last = err; err == nil {
			what = fmt.Sprintf("%s, number %d", what, i)
			break
		}
	}
	refused(fmt.Sprintf("%d %s", len(errs), what), last)
}

func main() {
	if len(os.Args) == 4 && os.Args[1] == "evidence" {
		checkEvidence(os.Args[2])
		checkEvidenceVectors(os.Args[3], filepath.Dir(os.Args[2]))
		summarise()
		return
	}
	if len(os.Args) == 4 && os.Args[1] == "log" {
		r := newRun(os.Args[2], os.Args[3])
		must(r.read())
		r.checkTree()
		r.checkAnySize()
		summarise()
	}
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: independent URL LOG-ID DIR\n       independent log URL LOG-ID\n       independent evidence FILE VECTORS")
		os.Exit(2)
	}
	r := newRun(os.Args[1], os.Args[2])
	r.receipts = os.Args[3]
	must(r.read())
	r.checkLog()
	r.checkWeb()
	receipts := r.readReceipts()
	older := r.checkReceipts(receipts)
	r.checkSizes(older)
	r.refuseReceipts(receipts)
	r.refuseLog()
	r.refuseCheckpoint()
	r.refuseSizes(older)
	summarise()
}

func newRun(url, id string) *run {
	web := host{url}
	return &run{web: web, from: web.cached(), random: rand.New(rand.NewSource(seed)), id: id}
}

// read gets the checkpoint, and the entries that it speaks of.
func (r *run) read() error {
	body, err := r.from(bundlePath(tlog.Tile{H: height, N: 0, W: 1}))
	if err != nil {
		return err
	}
	first, err := parseBundle(body, 1)
	if err != nil {
		return err
	}
	if r.by, err = signerOf(first[0], r.id); err != nil {
		return err
	}
	if r.checkpoint, err = r.from("checkpoint"); err != nil {
		return err
	}
	if r.signed, err = r.by.open(r.checkpoint); err != nil {
		return err
	}
	check(fmt.Sprintf("note: a checkpoint of %d entries, signed for %s", r.signed.N, r.by.origin), nil)
	r.entries, err = readEntries(r.from, r.signed.N)
	return err
}

func (r *run) checkLog() {
	if r.signed.N < entries {
		must(fmt.Errorf("%d entries, only %d", entries, r.signed.N))
	}
	r.checkTree()
	tiles := tlog.NewTiles(height, 0, r.signed.N)
	for level, count := 0, r.signed.N; level < 2; level, count = level+1, count>>height {
		for w := 1; w < 1<<height && int64(w) <= count; w++ {
			tiles = append(tiles, tlog.Tile{H: height, L: level, N: 0, W: w})
		}
	}
	check(
		fmt.Sprintf("%d hash tiles, whole and of every width, are those of the entries", len(tiles)),
		checkTiles(r.from, tiles, r.tree))
	check("partial entry bundles of every width hold the same entries", r.checkBundles(tiles))
	check(fmt.Sprintf("%d entries are proven from tiles (seed %d)", inclusions, seed), r.prove())
}

func (r *run) checkTree() {
	var err error
	r.tree, err = checkEntries(r.entries, r.signed)
	check("the root over all entries is the signed one", err)
	must(err)
	check("each entry names its place and the leaf hash before it", checkChain(r.entries))
}

// checkAnySize asks of a log only what it must have however few its entries are.
func (r *run) checkAnySize() {
	tiles := tlog.NewTiles(height, 0, r.signed.N)
	check(fmt.Sprintf("%d hash tiles are those of the entries", len(tiles)), checkTiles(r.from, tiles, r.tree))
	var err error
	for index, entry := range r.entries {
		if err == nil {
			err = checkInclusion(r.from, r.signed, int64(index), entry)
		}
	}
	check(fmt.Sprintf("%d entries are proven from tiles", len(r.entries)), err)
	for size := int64(1); err == nil && size < r.signed.N; size++ {
		err = checkConsistency(r.from, r.treeOf(size), r.signed)
	}
	check("every shorter log is this one's beginning", err)
}

func (r *run) checkBundles(tiles []tlog.Tile) error {
	for _, t := range tiles {
		if t.L > 0 || t.W == 1<<height {
			continue
		}
		body, err := r.from(bundlePath(t))
		if err != nil {
			return err
		}
		bundle, err := parseBundle(body, t.W)
		if err != nil {
			return err
		}
		for i, entry := range bundle {
			if string(entry) != string(r.entries[t.N<<height+int64(i)]) {
				return fmt.Errorf("entry %d of %s is another", i, bundlePath(t))
			}
		}
	}
	return nil
}

func (r *run) prove() error {
	indexes := []int64{0, 255, 256, 65_535, 65_536, r.signed.N - 1}
	for len(indexes) < inclusions {
		indexes = append(indexes, r.random.Int63n(r.signed.N))
	}
	for _, index := range indexes {
		if err := checkInclusion(r.from, r.signed, index, r.entries[index]); err != nil {
			return fmt.Errorf("entry %d: %w", index, err)
		}
	}
	return nil
}

func (r *run) checkWeb() {
	last := tlog.Tile{H: height, N: r.signed.N >> height, W: int(r.signed.N & 255)}
	check("entries are compressed for whoever takes it", r.web.checkGzip(bundlePath(tlog.TileForIndex(height, 0))))
	var err error
	for _, path := range []string{"checkpoint", "tile/0/000", "tile/entries/000"} {
		if err == nil {
			err = r.web.checkHead(path)
		}
	}
	check("HEAD answers as GET", err)
	err = nil
	beyond := last
	beyond.W++
	next := tlog.Tile{H: height, N: last.N + 1, W: 1}
	for path, status := range map[string]int{
		tilePath(beyond):                        404,
		bundlePath(beyond):                      404,
		tilePath(next):                          404,
		bundlePath(next):                        404,
		strings.Split(tilePath(last), ".")[0]:   404,
		strings.Split(bundlePath(last), ".")[0]: 404,
		"tile/2/000.p/2":                        404,
		"tile/3/000.p/1":                        404,
		"tile/63/000":                           404,
		"tile/64/000":                           400,
		"tile/0/000.p/0":                        400,
		"tile/0/000.p/256":                      400,
		"tile/0/x000/000":                       400,
		"tile/entries/0":                        400,
	} {
		if err == nil {
			err = r.web.checkStatus(path, status)
		}
	}
	check("what the tree does not have is not there", err)
}

// A kept is one entry's two files.
type kept struct{ receipt, proof receipt }

func (r *run) readReceipts() []kept {
	files, err := filepath.Glob(filepath.Join(r.receipts, "*.receipt"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("no receipts in %s", r.receipts)
	}
	must(err)
	var all []kept
	for _, file := range files {
		receipt, err := readReceipt(file)
		must(err)
		proof, err := readProof(strings.TrimSuffix(file, ".receipt")+".tlog-proof", receipt.entry)
		must(err)
		all = append(all, kept{receipt, proof})
	}
	return all
}

// checkReceipts returns the trees that the receipts' checkpoints sign, the smallest first.
func (r *run) checkReceipts(all []kept) []tlog.Tree {
	var trees []tlog.Tree
	for _, k := range all {
		of := fmt.Sprintf("of entry %d", k.receipt.index)
		signed, err := k.receipt.verify(r.by)
		check(fmt.Sprintf("the receipt %s, in a signed tree of %d", of, signed.N), err)
		trees = append(trees, signed)
		_, err = k.proof.verify(r.by)
		if err == nil && !bytes.Equal(k.receipt.entry, r.entries[k.receipt.index]) {
			err = errors.New("the log has another entry there")
		}
		check("the tlog-proof "+of+", which the log still has", err)
	}
	sort.Slice(trees, func(i, j int) bool { return trees[i].N < trees[j].N })
	return trees
}

func (r *run) refuseReceipts(all []kept) {
	other := func(checkpoint []byte) []byte {
		for _, k := range all {
			if !bytes.Equal(k.receipt.checkpoint, checkpoint) {
				return k.receipt.checkpoint
			}
		}
		return nil
	}
	for _, lie := range []struct {
		what   string
		doctor func(*receipt)
	}{
		{"with one byte of the entry changed", func(d *receipt) { d.entry = flip(d.entry, len(d.entry)/2) }},
		{"for the place before", func(d *receipt) { d.index-- }},
		{"with one hash of the proof changed", func(d *receipt) {
			d.proof = append(tlog.RecordProof{}, d.proof...)
			d.proof[len(d.proof)/2][0] ^= 1
		}},
		{"with one hash less", func(d *receipt) { d.proof = d.proof[1:] }},
		{"with the signature changed", func(d *receipt) { d.checkpoint = otherSignature(d.checkpoint) }},
		{"under another checkpoint", func(d *receipt) { d.checkpoint = other(d.checkpoint) }},
	} {
		var errs []error
		for _, k := range all {
			doctored := k.receipt
			lie.doctor(&doctored)
			_, err := doctored.verify(r.by)
			errs = append(errs, err)
		}
		allRefused("receipts "+lie.what, errs)
	}
}

// checkSizes proves that what was signed, and what was between, is the beginning of what comes later.
func (r *run) checkSizes(signed []tlog.Tree) {
	var err error
	for _, older := range signed {
		if err == nil && r.tree.root(older.N) != older.Hash {
			err = fmt.Errorf("the tree of %d has another root", older.N)
		}
		if err == nil {
			err = checkConsistency(r.from, older, r.signed)
		}
	}
	check(fmt.Sprintf("%d checkpoints signed before are the log's beginning", len(signed)), err)
	err = nil
	for i := 0; i < sizes && err == nil; i++ {
		newer := r.treeOf(2 + r.random.Int63n(r.signed.N-1))
		older := r.treeOf(1 + r.random.Int63n(newer.N))
		if err = checkConsistency(r.from, older, newer); err == nil {
			err = checkConsistency(r.from, newer, r.signed)
		}
		if err != nil {
			err = fmt.Errorf("%d in %d: %w", older.N, newer.N, err)
		}
	}
	check(fmt.Sprintf("%d trees of sizes between are consistent, from their own tiles", 2*sizes), err)
}

func (r *run) treeOf(size int64) tlog.Tree {
	return tlog.Tree{N: size, Hash: r.tree.root(size)}
}

// refuseLog doctors entries and tiles.
func (r *run) refuseLog() {
	index := r.random.Int63n(r.signed.N)
	what := func(what string) string { return fmt.Sprintf("%s (entry %d, seed %d)", what, index, seed) }
	tile := tlog.TileForIndex(height, tlog.StoredHashIndex(0, index))
	if tile = (tlog.Tile{H: height, N: tile.N, W: 1 << height}); tile.N == r.signed.N>>height {
		tile.W = int(r.signed.N & 255)
	}

	entry := flip(r.entries[index], r.random.Intn(len(r.entries[index])))
	body, err := r.from(bundlePath(tile))
	must(err)
	bundle := append([]byte{}, body...)
	offset := 2
	for i := tile.N << height; i < index; i++ {
		offset += len(r.entries[i]) + 2
	}
	copy(bundle[offset:], entry)
	doctored := r.from.with(bundlePath(tile), bundle)
	lied, err := readEntries(doctored, r.signed.N)
	must(err)
	_, err = checkEntries(lied, r.signed)
	refused(what("one byte of an entry"), err)
	refused(what("proof of that entry"), checkInclusion(doctored, r.signed, index, entry))
	swapped := append([][]byte{}, r.entries...)
	swapped[1], swapped[2] = swapped[2], swapped[1]
	_, err = checkEntries(swapped, r.signed)
	refused("two entries in the other order", err)
	refused("two entries in the other order, by their links", checkChain(swapped))
	_, err = checkEntries(r.entries[:r.signed.N-1], r.signed)
	refused("the last entry missing", err)

	for level := 0; level < 3; level++ {
		above := tlog.Tile{H: height, L: level, N: index >> (height * (level + 1))}
		count := r.signed.N>>(height*level) - above.N<<height
		if above.W = 1 << height; count < 1<<height {
			above.W = int(count)
		}
		path := tilePath(above)
		hashes, err := r.from(path)
		must(err)
		// The hash beside the entry's: a proof needs it. Before version 0.40.0 tlog does not notice others
		// in some tiles (CVE-2026-56865), which is why tiles are also compared with the entries.
		beside := int(index>>(height*level)&255 ^ 1)
		if beside >= above.W {
			beside--
		}
		at := beside*tlog.HashSize + r.random.Intn(tlog.HashSize)
		doctored := r.from.with(path, flip(hashes, at))
		refused(
			what("proof with one hash of "+path+" changed"),
			checkInclusion(doctored, r.signed, index, r.entries[index]))
		refused(
			what("one hash of "+path+" changed"),
			checkTiles(doctored, tilesOf(r.signed.N), r.tree))
	}
	// The liar changes the leaf hash with the entry: then the tree above gives it away.
	hashes, err := r.from(tilePath(tile))
	must(err)
	forged := append([]byte{}, hashes...)
	leaf := tlog.RecordHash(entry)
	copy(forged[(index&255)*tlog.HashSize:], leaf[:])
	refused(
		what("an entry changed with its leaf hash"),
		checkInclusion(doctored.with(tilePath(tile), forged), r.signed, index, entry))
}

// refuseCheckpoint doctors the checkpoint.
func (r *run) refuseCheckpoint() {
	text, lines, _ := strings.Cut(string(r.checkpoint), "\n\n")
	other := func(size int64, root tlog.Hash) []byte {
		return []byte(fmt.Sprintf("%s\n%d\n%s\n", r.by.origin, size, root))
	}
	check("a checkpoint is these three lines", same(text+"\n", string(other(r.signed.N, r.signed.Hash))))
	open := func(text []byte) error {
		_, err := r.by.open([]byte(string(text) + "\n" + lines))
		return err
	}
	check("the checkpoint put together again", open(other(r.signed.N, r.signed.Hash)))
	refused("a checkpoint of another size", open(other(r.signed.N+1, r.signed.Hash)))
	root := r.signed.Hash
	root[31] ^= 0x80
	refused("a checkpoint of another root", open(other(r.signed.N, root)))
	_, err := r.by.open(otherSignature(r.checkpoint))
	refused("a signature with one character changed", err)
	_, err = r.by.open([]byte(text + "\n"))
	refused("a checkpoint without a signature", err)
	stranger, _, err := note.GenerateKey(nil, r.by.origin)
	must(err)
	key, err := note.NewSigner(stranger)
	must(err)
	forged, err := note.Sign(&note.Note{Text: text + "\n"}, key)
	must(err)
	_, err = r.by.open(forged)
	refused("a checkpoint that a stranger signed", err)
	_, err = signerOf(flip(r.entries[0], len(r.entries[0])/2), r.id)
	refused("another genesis entry", err)
}

// refuseSizes doctors the history.
func (r *run) refuseSizes(signed []tlog.Tree) {
	var errs []error
	for _, older := range signed {
		forked := older
		forked.Hash[0] ^= 1
		errs = append(errs, checkConsistency(r.from, forked, r.signed))
	}
	allRefused("checkpoints of a fork", errs)
	refused("a tree of another size under the signed root",
		checkInclusion(r.from, tlog.Tree{N: r.signed.N - 1, Hash: r.signed.Hash}, 0, r.entries[0]))
}

func same(a, b string) error {
	if a != b {
		return fmt.Errorf("%q is not %q", a, b)
	}
	return nil
}

// flip is a copy with one bit changed.
func flip(body []byte, at int) []byte {
	other := append([]byte{}, body...)
	other[at] ^= 1
	return other
}

// otherSignature is the checkpoint with one character of its signature changed.
func otherSignature(checkpoint []byte) []byte {
	other := []byte(strings.TrimSuffix(string(checkpoint), "\n"))
	at := len(other) - 20
	if other[at] == 'A' {
		other[at] = 'B'
	} else {
		other[at] = 'A'
	}
	return append(other, '\n')
}
