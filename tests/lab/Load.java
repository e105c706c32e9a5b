import java.io.FileInputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** Prints the keys and values of a properties file, each with a NUL behind it. */
class Load {
    public static void main(String[] files) throws Exception {
        Properties properties = new Properties();
        try (FileInputStream in = new FileInputStream(files[0])) {
            properties.load(in);
        }
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String key : properties.stringPropertyNames()) {
            out.print(key + '\0' + properties.getProperty(key) + '\0');
        }
        out.flush();
    }
}
