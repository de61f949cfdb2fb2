package dev.activations.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Compiled kernels on disk, each under the digest of all that it depends on: source, options,
 * compiler, device and driver; and what was measured of devices. Safe for several threads and for
 * several processes at once.
 *
 * <p>An entry carries a digest of its content; what is broken or half-written counts as missing,
 * and is made anew. Trouble with the disk costs time and is never an error. Entries that nobody has
 * used for {@value #DAYS} days go when another one is written.
 *
 * <p>The directory is the user's own: the system property {@value #PROPERTY}, or the environment
 * variable {@value #VARIABLE}, or {@code activations} in {@code $XDG_CACHE_HOME} or {@code
 * ~/.cache}. Either of the first two may be {@code off}. A directory that others can write to is
 * not used, since what lies in it will be run.
 */
public final class Cache {
  /** The system property that names the directory, or is {@code off}. */
  public static final String PROPERTY = "activations.cache";

  /** The environment variable that names the directory, where the property is not set. */
  public static final String VARIABLE = "ACTIVATIONS_CACHE";

  private static final int DAYS = 90;
  private static final String ENDING = ".kernel";
  private static final byte[] MAGIC = "activations cache 1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGEST = 32;

  private final Optional<Path> directory;

  private Cache(Optional<Path> directory) {
    this.directory = directory;
  }

  /** Returns the cache of this user. Touches no file. */
  public static Cache ofUser() {
    String named = System.getProperty(PROPERTY, System.getenv(VARIABLE));
    if (named != null && !named.isBlank()) {
      return named.equals("off") ? new Cache(Optional.empty()) : in(Path.of(named));
    }
    String caches = System.getenv("XDG_CACHE_HOME");
    Path all =
        caches != null && Path.of(caches).isAbsolute()
            ? Path.of(caches)
            : Path.of(System.getProperty("user.home"), ".cache");
    return in(all.resolve("activations"));
  }

  /** Returns the cache of a directory, which is made when it is first needed. */
  public static Cache in(Path directory) {
    return new Cache(Optional.of(directory));
  }

  /** Returns where entries are kept; nothing if the cache is off. */
  public Optional<Path> directory() {
    return directory;
  }

  /**
   * Makes sure that entries can be kept, if the cache is not off.
   *
   * @throws IOException if they cannot, where {@link #put} would keep nothing and say nothing
   */
  public void check() throws IOException {
    if (directory.isPresent()) {
      prepare(directory.get());
      Files.delete(Files.createTempFile(directory.get(), "check-", ".tmp"));
    }
  }

  /**
   * Returns what was put under a key.
   *
   * @param key all that the content depends on, in a fixed order
   */
  public Optional<byte[]> get(List<String> key) {
    if (directory.isEmpty() || !isOurs(directory.get())) {
      return Optional.empty();
    }
    byte[] name = name(key);
    Path file = file(name);
    try {
      byte[] entry = Files.readAllBytes(file);
      int head = MAGIC.length + DIGEST;
      if (entry.length < head) {
        return Optional.empty();
      }
      byte[] content = Arrays.copyOfRange(entry, head, entry.length);
      if (!Arrays.equals(entry, entry(name, content))) {
        return Optional.empty();
      }
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      return Optional.of(content);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Puts something under a key, in the place of what is there. Others see all of it or nothing. */
  public void put(List<String> key, byte[] content) {
    if (directory.isEmpty()) {
      return;
    }
    try {
      prepare(directory.get());
      byte[] name = name(key);
      Path part = Files.createTempFile(directory.get(), "part-", ENDING);
      try {
        Files.write(part, entry(name, content));
        Files.move(part, file(name), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
      deleteOld(directory.get());
    } catch (IOException e) {
      // No space or no permission: the next program compiles again.
    }
  }

  private Path file(byte[] name) {
    return directory.orElseThrow().resolve(HexFormat.of().formatHex(name) + ENDING);
  }

  /** Lengths go along, so that no two keys run together. */
  private static byte[] name(List<String> key) {
    MessageDigest digest = sha256();
    for (String part : key) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      digest.update(bytes);
    }
    return digest.digest();
  }

  /** The name goes into the digest, so that an entry which was copied to another is broken. */
  private static byte[] entry(byte[] name, byte[] content) {
    MessageDigest digest = sha256();
    digest.update(name);
    digest.update(content);
    return ByteBuffer.allocate(MAGIC.length + DIGEST + content.length)
        .put(MAGIC)
        .put(digest.digest())
        .put(content)
        .array();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private static void prepare(Path directory) throws IOException {
    makeDirectory(directory);
    if (!isOurs(directory)) {
      throw new IOException(directory + " belongs to another user, or others can write to it");
    }
  }

  private static void makeDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Files.createDirectories(directory.toAbsolutePath().getParent());
    if (isPosix()) {
      Set<PosixFilePermission> ours = PosixFilePermissions.fromString("rwx------");
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(ours));
    } else {
      Files.createDirectories(directory);
    }
  }

  private static boolean isOurs(Path directory) {
    if (!isPosix()) {
      return Files.isDirectory(directory);
    }
    try {
      PosixFileAttributes attributes = Files.readAttributes(directory, PosixFileAttributes.class);
      Set<PosixFilePermission> permissions = attributes.permissions();
      String user = System.getProperty("user.name");
      // Who can write where others cannot is the owner, named or not; or root, who can everywhere.
      return attributes.isDirectory()
          && !permissions.contains(PosixFilePermission.GROUP_WRITE)
          && !permissions.contains(PosixFilePermission.OTHERS_WRITE)
          && (attributes.owner().getName().equals(user)
              || !user.equals("root") && Files.isWritable(directory));
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }

  private static void deleteOld(Path directory) throws IOException {
    Instant limit = Instant.now().minus(Duration.ofDays(DAYS));
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(path -> path.toString().endsWith(ENDING)).toList()) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
