package dev.activations.cli;

import dev.activations.files.AtomicFile;
import dev.activations.files.InputException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The files that a report goes to. They are opened before the work, which is long, so that a wrong
 * name is told at once, and each appears whole or not at all.
 *
 * @param <R> the report
 */
public final class ReportFiles<R> implements Closeable {

  /**
   * A form of a report.
   *
   * @param <R> the report
   * @param ending of the names of files in this form, with the dot
   * @param writer makes a file's content
   */
  public record Form<R>(String ending, Writer<R> writer) {}

  /**
   * Makes text of a report.
   *
   * @param <R> the report
   */
  @FunctionalInterface
  public interface Writer<R> {

    /** Returns the text. */
    String write(R report) throws IOException;
  }

  private final Map<AtomicFile, Form<R>> files = new LinkedHashMap<>();

  /**
   * Opens the files.
   *
   * @param forms the forms that there are; of two endings of a name the first counts
   * @throws InputException if a name ends in none of them, or cannot be written to
   */
  public ReportFiles(List<Path> names, List<Form<R>> forms) throws IOException {
    try {
      for (Path name : names) {
        Form<R> form = form(name, forms);
        files.put(new AtomicFile(name), form);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static <R> Form<R> form(Path file, List<Form<R>> forms) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    for (Form<R> form : forms) {
      if (name.endsWith(form.ending())) {
        return form;
      }
    }
    List<String> endings = forms.stream().map(Form::ending).toList();
    int last = endings.size() - 1;
    throw new InputException(
        "--report: expected a name that ends in %s or %s, got '%s'"
            .formatted(String.join(", ", endings.subList(0, last)), endings.get(last), file));
  }

  /** Returns whether one of the files is in a form. */
  public boolean have(String ending) {
    return files.values().stream().anyMatch(form -> form.ending().equals(ending));
  }

  /** Writes the report to all files; to be called once. */
  public void write(R report) throws IOException {
    for (Map.Entry<AtomicFile, Form<R>> file : files.entrySet()) {
      file.getKey().write(file.getValue().writer().write(report).getBytes(StandardCharsets.UTF_8));
    }
    for (AtomicFile file : files.keySet()) {
      file.commit();
    }
  }

  /** Deletes what was not written. */
  @Override
  public void close() throws IOException {
    for (AtomicFile file : files.keySet()) {
      file.close();
    }
  }
}
