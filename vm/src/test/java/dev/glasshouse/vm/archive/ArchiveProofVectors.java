package dev.glasshouse.vm.archive;

import static dev.glasshouse.calllog.VectorFile.object;
import static dev.glasshouse.calllog.VectorFile.utf8;

import dev.glasshouse.calllog.Hash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes archive-proof.json, the test vectors of proofs from an archive's root. */
final class ArchiveProofVectors {
  private static final String PATH = "path";
  private static final String LISTING = "listing";

  private final MemoryBlobs blobs = new MemoryBlobs();
  private final ArchiveProver prover = new ArchiveProver(blobs);
  private final List<Object> proofs = new ArrayList<>();
  private final List<Object> unverified = new ArrayList<>();
  private final Hash root;

  ArchiveProofVectors() throws FileException {
    root = archive("counter", "photos/cat.png", "photos/dog.png", "photos/é", "photos/ê");
  }

  private Hash archive(String... paths) throws FileException {
    Archive archive = Archive.open(ArchiveTree.EMPTY_ROOT, blobs, ArchiveLimits.DEFAULT);
    for (String path : paths) {
      archive.writeFile(path, utf8("the content of " + path));
    }
    archive.mkdir("photos/raw/deep");
    archive.writeFile("photos-old", new byte[0]);
    return blobs.store(archive.commit()).root();
  }

  Map<String, Object> file() throws FileException {
    for (String key :
        List.of(
            "",
            "counter",
            "photos/",
            "photos",
            "photos/cat.png",
            "photos/cat.png/",
            "photos/é",
            "photos/raw/deep/",
            "photos/c",
            "photos/è",
            "photos/raw/deep/er",
            "counter/below",
            "phot",
            "none")) {
      proof(root, key, PATH);
    }
    for (String key :
        List.of("", "photos/", "photos/raw/", "photos/raw/deep/", "counter/", "no/")) {
      proof(root, key, LISTING);
    }
    proof(ArchiveTree.EMPTY_ROOT, "", LISTING);
    proof(ArchiveTree.EMPTY_ROOT, "none", PATH);
    unverified();
    return object(
        "about",
        "Proofs from an archive's root. \"files\": all files and directories by key, with the"
            + " SHA-256 and length of a file's content. \"proofs\": each is of a question about a"
            + " key, the empty one being the root directory's. Of \"path\" it shows what is at the"
            + " key's path: a file, a directory (true) or nothing (null). Of \"listing\" it shows"
            + " what is directly in the directory, or that there is no such directory (null)."
            + " \"unverified\": well formed, but no proof of this question. \"malformed\": texts"
            + " that are no proof.",
        "root",
        root.hex(),
        "files",
        files(),
        "proofs",
        proofs,
        "unverified",
        unverified,
        "malformed",
        malformed());
  }

  private Map<String, Object> files() {
    List<ArchiveEntry> entries = new ArrayList<>();
    ArchiveTree.open(root, blobs).entries().forEachRemaining(entries::add);
    return shown(entries);
  }

  private void proof(Hash under, String key, String question) {
    ArchiveProof proof = prove(under, key, question);
    proofs.add(
        object(
            "root",
            under.hex(),
            "question",
            question,
            "key",
            key,
            "proof",
            text(proof),
            "shows",
            shown(proof, under, key, question)));
  }

  private ArchiveProof prove(Hash under, String key, String question) {
    return question.equals(PATH)
        ? prover.provePath(under, key(key))
        : prover.proveListing(under, key(key));
  }

  /** What a proof shows, as the file has it. */
  static Object shown(ArchiveProof proof, Hash under, String key, String question) {
    return question.equals(PATH)
        ? proof.verifyPath(under, key(key)).map(ArchiveProofVectors::shown).orElse(null)
        : proof.verifyListing(under, key(key)).map(ArchiveProofVectors::shown).orElse(null);
  }

  private static Object shown(ArchiveValue value) {
    return value instanceof ArchiveValue.FileRef file
        ? object("sha256", file.sha256().hex(), "length", file.length())
        : (Object) true;
  }

  private static Map<String, Object> shown(List<ArchiveEntry> entries) {
    Map<String, Object> shown = new LinkedHashMap<>();
    entries.forEach(entry -> shown.put(entry.key().text(), shown(entry.value())));
    return shown;
  }

  private static ArchiveKey key(String text) {
    return text.isEmpty() ? ArchiveKey.ROOT : ArchiveKey.parse(text);
  }

  private static String text(ArchiveProof proof) {
    return new String(proof.format(), StandardCharsets.US_ASCII);
  }

  private void unverified() throws FileException {
    String cat = "photos/cat.png";
    Hash less = archive("counter", cat, "photos/é", "photos/ê");
    List<byte[]> path = prover.provePath(root, key(cat)).nodes();
    List<byte[]> listing = prover.proveListing(root, key("photos/")).nodes();
    List<byte[]> lessListing = prover.proveListing(less, key("photos/")).nodes();
    unverified("the last node is missing", PATH, cat, path.subList(0, path.size() - 1));
    unverified("the root's node alone, to show absence", PATH, cat, path.subList(0, 1));
    unverified("the first node is missing", PATH, cat, path.subList(1, path.size()));
    unverified("a node too many", PATH, cat, with(path, path.size(), path.get(0)));
    unverified("a node twice", PATH, cat, with(path, 1, path.get(0)));
    unverified("in reverse", PATH, cat, reversed(path));
    unverified("of another path", PATH, "photos/dog.png", path);
    unverified("of a path below", PATH, "photos/", path);
    unverified("of another root", PATH, cat, prover.provePath(less, key(cat)).nodes());
    unverified("the empty archive's", PATH, cat, List.of(Node.EMPTY.toStored().encode()));
    byte[] changed = path.get(path.size() - 1).clone();
    changed[changed.length - 3] ^= 1;
    List<byte[]> longer = new ArrayList<>(path.subList(0, path.size() - 1));
    longer.add(changed);
    unverified("another length of the file", PATH, cat, longer);
    unverified("of the path, not of the listing", LISTING, "photos/", path.subList(0, 3));
    unverified("of the listing, not of the path", PATH, "photos/", listing);
    unverified(
        "the last name is missing", LISTING, "photos/", listing.subList(0, listing.size() - 1));
    unverified("the listing of another root", LISTING, "photos/", lessListing);
    List<byte[]> mixed = new ArrayList<>(lessListing);
    mixed.set(0, listing.get(0));
    unverified("a name is left out below the true root", LISTING, "photos/", mixed);
    List<byte[]> swapped = new ArrayList<>(listing);
    Collections.swap(swapped, listing.size() - 2, listing.size() - 1);
    unverified("in another order", LISTING, "photos/", swapped);
    byte[] file = leaf("");
    noArchive("a root with a value", file);
    noArchive("half of a character", inner(0xC3, file), file);
    byte[] dot = leaf(".");
    noArchive("a name of two dots", inner('.', dot), dot);
    byte[] nothing = Node.EMPTY.toStored().encode();
    noArchive("a node for nothing", inner('a', nothing), nothing);
  }

  private void unverified(String reason, String question, String key, List<byte[]> nodes) {
    unverified.add(
        object(
            "reason",
            reason,
            "root",
            root.hex(),
            "question",
            question,
            "key",
            key,
            "proof",
            text(new ArchiveProof(nodes))));
  }

  /** The nodes of a listing of a root directory that no archive has. */
  private void noArchive(String reason, byte[]... nodes) {
    unverified.add(
        object(
            "reason",
            reason,
            "root",
            Hash.of(nodes[0]).hex(),
            "question",
            LISTING,
            "key",
            "",
            "proof",
            text(new ArchiveProof(List.of(nodes)))));
  }

  private static byte[] leaf(String prefix) {
    Optional<ArchiveValue> file = Optional.of(new ArchiveValue.FileRef(Hash.of("x"), 1));
    return new ArchiveNode(utf8(prefix), file, new byte[0], new Hash[0]).encode();
  }

  private static byte[] inner(int branch, byte[] child) {
    byte[] branches = {(byte) branch};
    Hash[] children = {Hash.of(child)};
    return new ArchiveNode(new byte[0], Optional.empty(), branches, children).encode();
  }

  private static List<byte[]> with(List<byte[]> nodes, int at, byte[] more) {
    List<byte[]> longer = new ArrayList<>(nodes);
    longer.add(at, more);
    return longer;
  }

  private static List<byte[]> reversed(List<byte[]> nodes) {
    List<byte[]> reversed = new ArrayList<>(nodes);
    Collections.reverse(reversed);
    return reversed;
  }

  private List<Object> malformed() {
    String first = ArchiveProof.FIRST;
    String text = text(prover.provePath(ArchiveTree.EMPTY_ROOT, ArchiveKey.ROOT));
    String node = text.substring(first.length());
    return List.of(
        malformed("no bytes", ""),
        malformed("no nodes", first),
        malformed("no first line", node),
        malformed("another version", first.replace("v1", "v2") + node),
        malformed("no newline at the end", text.substring(0, text.length() - 1)),
        malformed("an empty line at the end", text + "\n"),
        malformed("an empty line first", first + "\n" + node),
        malformed("carriage returns", text.replace("\n", "\r\n")),
        malformed("a space in front", first + " " + node),
        malformed("a space behind", text.substring(0, text.length() - 1) + " \n"),
        malformed("base64 without padding", first + "AA\n"),
        malformed("unused bits that are not zero", first + "AB==\n"),
        malformed("the URL alphabet", first + "-_-_\n"),
        malformed("two nodes on a line", first + "AA==AA==\n"));
  }

  private static Map<String, Object> malformed(String reason, String text) {
    return object("reason", reason, "text", text);
  }
}
