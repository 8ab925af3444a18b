import static java.nio.charset.StandardCharsets.UTF_8;

import com.adobe.epubcheck.tool.EpubChecker;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.minidev.json.JSONObject;
import net.minidev.json.JSONValue;

/**
 * epubcheck's own command, for one book after the other. A line in is a path, as a JSON string; a line out is what the
 * command gave for it, in the same order: {"code": 1, "said": "ERROR(RSC-005): ..."}. Ends with its input, whatever it does.
 */
class EpubCheckService {
  private static final PrintStream ANSWERS = new PrintStream(System.out, true, UTF_8);
  private static final ByteArrayOutputStream SAID = new ByteArrayOutputStream();

  public static void main(String[] none) throws Exception {
    PrintStream said = new PrintStream(SAID, true, UTF_8);
    System.setOut(said);
    System.setErr(said);
    ExecutorService checks = Executors.newSingleThreadExecutor(EpubCheckService::daemon);
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      String file = (String) JSONValue.parse(line);
      checks.execute(() -> ANSWERS.println(check(file)));
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    return thread;
  }

  private static String check(String file) {
    SAID.reset();
    int code = -1;
    try {
      code = new EpubChecker().run(new String[] {"--failonwarnings", file});
    } catch (Throwable error) {
      error.printStackTrace();
    }
    return JSONObject.toJSONString(Map.of("code", code, "said", SAID.toString(UTF_8)));
  }
}
