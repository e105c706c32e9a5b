import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * Says what java.util.Properties makes of each request in a file.
 *
 * Numbers are 32 bits, big-endian; a text is its length in bytes and UTF-8.
 * Requests: 'L' bytes (load from a stream), 'R' text (load from a reader),
 * 'S' comment n (key value)* (store, in the order of String.compareTo).
 * Answers to L and R: 1 if refused, else 0; halves of surrogate pairs;
 * n (key value)* without repeated keys; n (key value)* as they were put.
 * Answer to S: the bytes, with their length before them.
 */
public final class Oracle {
    /** Remembers what load puts, in its order. */
    private static final class Recorder extends Properties {
        final Map<String, String> distinct = new LinkedHashMap<>();
        final java.util.List<String[]> puts = new java.util.ArrayList<>();
        int halves;

        @Override
        public synchronized Object put(Object key, Object value) {
            String[] put = {replaceHalves((String) key), replaceHalves((String) value)};
            puts.add(put);
            distinct.put(put[0], put[1]);
            return null;
        }

        private String replaceHalves(String text) {
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                boolean pair = Character.isHighSurrogate(c) && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (pair) {
                    out.append(c).append(text.charAt(++i));
                } else if (Character.isSurrogate(c)) {
                    out.append('\uFFFD');
                    halves++;
                } else {
                    out.append(c);
                }
            }
            return out.toString();
        }
    }

    /** Stores its entries in the order of their keys. */
    private static final class Sorted extends Properties {
        private final TreeMap<Object, Object> entries = new TreeMap<>();

        @Override
        public synchronized Object put(Object key, Object value) {
            return entries.put(key, value);
        }

        @Override
        public Set<Map.Entry<Object, Object>> entrySet() {
            return entries.entrySet();
        }
    }

    public static void main(String[] files) throws IOException {
        try (DataInputStream in = new DataInputStream(
                     new BufferedInputStream(Files.newInputStream(Path.of(files[0]))));
             DataOutputStream out = new DataOutputStream(
                     new BufferedOutputStream(Files.newOutputStream(Path.of(files[1]))))) {
            for (int op = in.read(); op >= 0; op = in.read()) {
                if (op == 'S') {
                    store(in, out);
                } else {
                    load(op, in, out);
                }
            }
        }
    }

    private static void load(int op, DataInputStream in, DataOutputStream out)
            throws IOException {
        byte[] bytes = bytes(in);
        Recorder recorder = new Recorder();
        int refused = 0;
        try {
            if (op == 'L') {
                recorder.load(new ByteArrayInputStream(bytes));
            } else {
                recorder.load(new StringReader(new String(bytes, StandardCharsets.UTF_8)));
            }
        } catch (IllegalArgumentException malformed) {
            refused = 1;
        }
        out.writeInt(refused);
        out.writeInt(recorder.halves);
        out.writeInt(recorder.distinct.size());
        for (Map.Entry<String, String> entry : recorder.distinct.entrySet()) {
            write(entry.getKey(), out);
            write(entry.getValue(), out);
        }
        out.writeInt(recorder.puts.size());
        for (String[] put : recorder.puts) {
            write(put[0], out);
            write(put[1], out);
        }
    }

    private static void store(DataInputStream in, DataOutputStream out) throws IOException {
        String comment = text(in);
        Sorted sorted = new Sorted();
        for (int left = in.readInt(); left > 0; left--) {
            String key = text(in);
            sorted.put(key, text(in));
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        sorted.store(file, comment);
        out.writeInt(file.size());
        file.writeTo(out);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
