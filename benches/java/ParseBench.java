import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;

/**
 * Times java.util.Properties on one file that is in memory: args are the file,
 * warm-up rounds and measured rounds. Prints nanoseconds: best and median of
 * load, best and median of store; then keys and characters, as a check.
 */
public final class ParseBench {
    public static void main(String[] args) throws IOException {
        byte[] file = Files.readAllBytes(Path.of(args[0]));
        int warmUp = Integer.parseInt(args[1]);
        int rounds = Integer.parseInt(args[2]);
        long[] load = new long[rounds];
        long[] store = new long[rounds];
        Properties read = null;
        for (int round = -warmUp; round < rounds; round++) {
            long start = System.nanoTime();
            read = new Properties();
            read.load(new ByteArrayInputStream(file));
            long loaded = System.nanoTime();
            read.store(new ByteArrayOutputStream(file.length * 2), null);
            long stored = System.nanoTime();
            if (round >= 0) {
                load[round] = loaded - start;
                store[round] = stored - loaded;
            }
        }
        long characters = 0;
        for (Map.Entry<Object, Object> entry : read.entrySet()) {
            characters += ((String) entry.getKey()).length();
            characters += ((String) entry.getValue()).length();
        }
        Arrays.sort(load);
        Arrays.sort(store);
        System.out.println(load[0] + " " + load[rounds / 2] + " " + store[0] + " "
                + store[rounds / 2] + " " + read.size() + " " + characters);
    }
}
