package dev.glasshouse.rpc.access;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which web pages may use a host through the browsers of those who look at them. A browser connects
 * wherever a page wants, to the reader's own machine too, and says in the {@code Origin} header
 * whose page it is (RFC 6454). A page can also have its own name point to this host: then its
 * origin looks like the host's, and only the name in the {@code Host} header tells.
 *
 * <p>A debug host takes callers at their word, so it is on its guard: a page must be of its own
 * origin or of an allowed one, and the name that it is called by must be one that cannot belong to
 * somebody else, or an allowed one. A host for signed calls may be called from any page, unless
 * origins are named.
 */
public final class BrowserRule {
  /** In place of an origin or a name: any. */
  public static final String ANY = "*";

  private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^/\\s?#]+|null|\\*");
  private static final Pattern NAME = Pattern.compile("[a-z0-9._-]+|\\*");
  private static final Pattern ADDRESS = Pattern.compile("\\[.*\\]|[0-9]+(\\.[0-9]+){3}");
  private static final int MAX_SHOWN = 200;

  private final boolean debug;
  private final Set<String> origins = new HashSet<>();
  private final Set<String> names = new HashSet<>();

  /**
   * The rule of a service.
   *
   * @param bind the name or address that it listens on, which it is known by too
   * @param origins allowed besides its own, each for which {@link #isOrigin}
   * @param names that it is known by, each for which {@link #isName}
   */
  public BrowserRule(boolean debug, String bind, List<String> origins, List<String> names) {
    this.debug = debug;
    origins.forEach(each -> this.origins.add(each.toLowerCase(Locale.ROOT)));
    names.forEach(each -> this.names.add(each.toLowerCase(Locale.ROOT)));
    this.names.add(bind.toLowerCase(Locale.ROOT));
    this.names.add("localhost");
  }

  /** Whether a text is an origin as browsers write it, such as {@code https://example.org}. */
  public static boolean isOrigin(String text) {
    return ORIGIN.matcher(text.toLowerCase(Locale.ROOT)).matches();
  }

  /** Whether a text is the name of a machine, without a port. */
  public static boolean isName(String text) {
    return NAME.matcher(text.toLowerCase(Locale.ROOT)).matches();
  }

  /**
   * Why a request is not answered.
   *
   * @param host the {@code Host} header, or null
   * @return a sentence, or null if it may be answered
   */
  public String refusal(String host) {
    if (!debug || host == null || isKnown(name(host))) {
      return null;
    }
    return "this debug host does not know itself as "
        + shown(name(host))
        + ": another page may have given it that name. If the name is its own, start it with"
        + " --allow-host NAME";
  }

  /**
   * Why a request may not lead to calls.
   *
   * @param host the {@code Host} header, or null
   * @param origin the {@code Origin} header, or null if it is no browser that asks
   * @return a sentence, or null if it may
   */
  public String refusal(String host, String origin) {
    if (origin == null || isOpen() || isAllowed(host, origin)) {
      return null;
    }
    return "pages of "
        + shown(origin)
        + " may not call this "
        + (debug ? "debug " : "")
        + "host. If they should, start it with --allow-origin ORIGIN";
  }

  /**
   * The value of {@code Access-Control-Allow-Origin}: what is published on a host for signed calls
   * is for everybody, what a debug host has is for the pages that may call it.
   *
   * @return null for none
   */
  public String readers(String host, String origin) {
    if (!debug) {
      return ANY;
    }
    return origin != null && isAllowed(host, origin) ? origin : null;
  }

  private boolean isOpen() {
    return !debug && origins.isEmpty();
  }

  private boolean isAllowed(String host, String origin) {
    String page = origin.toLowerCase(Locale.ROOT);
    boolean isOwn =
        host != null && page.endsWith("://" + host.toLowerCase(Locale.ROOT)) && isKnown(name(host));
    return isOwn || origins.contains(ANY) || origins.contains(page);
  }

  // Only a name can be made to point here: an address is what a browser connected to.
  private boolean isKnown(String name) {
    return names.contains(ANY)
        || names.contains(name)
        || name.endsWith(".localhost")
        || ADDRESS.matcher(name).matches();
  }

  private static String name(String host) {
    String name = host.toLowerCase(Locale.ROOT).strip().replaceFirst(":[0-9]*$", "");
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  private static String shown(String text) {
    String cut = text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text;
    return cut.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
