package latchkey;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Keeps tokens in a file that only its owner can read (mode 0600). Processes that share it refresh one at a time. */
public final class FileTokenStore implements TokenStore {
  private static final boolean HAS_MODES = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  // The lock of a file keeps out other processes, not other threads.
  private static final Map<Path, Object> LOCKS = new ConcurrentHashMap<>();

  private final Path file;

  private record Kept(@JsonProperty("tokens") Tokens tokens, @JsonProperty("device_token") String deviceToken) {}

  /** Keeps them in this file. Its directory is made if it is missing. */
  public FileTokenStore(Path file) {
    this.file = file.toAbsolutePath().normalize();
  }

  @Override
  public Optional<Tokens> load() {
    return Optional.ofNullable(read().tokens());
  }

  @Override
  public void save(Tokens tokens) {
    change(kept -> new Kept(tokens, kept.deviceToken()));
  }

  @Override
  public void clear() {
    save(null);
  }

  @Override
  public Optional<String> loadDeviceToken() {
    return Optional.ofNullable(read().deviceToken());
  }

  @Override
  public void saveDeviceToken(String deviceToken) {
    change(kept -> new Kept(kept.tokens(), deviceToken));
  }

  @Override
  public <T> T exclusively(Supplier<T> work) {
    Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    Path lock = file.resolveSibling(file.getFileName() + ".lock");
    synchronized (LOCKS.computeIfAbsent(file, path -> new Object())) {
      makeDirectory();
      // Closing it unlocks it.
      try (FileChannel channel = FileChannel.open(lock, options, forOwner("rw-------"))) {
        channel.lock();
        return work.get();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  private Kept read() {
    Kept nothing = new Kept(null, null);
    try {
      // What is no JSON holds no tokens.
      return Json.read(Files.readAllBytes(file), Kept.class).orElse(nothing);
    } catch (NoSuchFileException missing) {
      return nothing;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  // Writes a new file and moves it, so that nobody reads half of one.
  private void change(UnaryOperator<Kept> change) {
    byte[] kept = Json.write(change.apply(read()));
    makeDirectory();
    try {
      Path draft = Files.createTempFile(file.getParent(), "." + file.getFileName(), null, forOwner("rw-------"));
      try {
        Files.write(draft, kept);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void makeDirectory() {
    try {
      Files.createDirectories(file.getParent(), forOwner("rwx------"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static FileAttribute<?>[] forOwner(String permissions) {
    return HAS_MODES
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
        : new FileAttribute<?>[0];
  }
}
