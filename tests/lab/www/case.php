<?php
// /case/NAME/ARGUMENT: one thing that a server may do each.
require 'properties.php';
[, , $case, $argument] = array_pad(explode('/', $_SERVER['REQUEST_URI'], 4), 4, '');
header('Content-Type: text/plain');

function lines(int $count, int $microseconds): void {
    for ($n = 0; $n < $count; $n++) {
        property("lab.line$n", 'here');
        flush();
        usleep($microseconds);
    }
}

function padding(int $mebibytes): string {
    return str_repeat(str_repeat('#', 1023) . "\n", $mebibytes * 1024);
}

switch ($case) {
    case 'uri':
        property('lab.uri', $_SERVER['REQUEST_URI']);
        break;
    case 'status':
        http_response_code((int) $argument);
        echo "lab.status=$argument\n";
        break;
    case 'loop':
        http_response_code(302);
        header('Location: /case/loop/' . ((int) $argument + 1));
        break;
    case 'without-target':
        http_response_code(302);
        break;
    case 'drip':
        // 20 lines in 2 s, each in a piece of its own.
        lines(20, 100_000);
        break;
    case 'endless-drip':
        lines(600, 500_000);
        break;
    case 'endless':
        while (!connection_aborted()) {
            echo padding(1);
            flush();
        }
        break;
    case 'bomb':
        // 200 MiB of lines that are all alike: 200 kB on the way.
        header('Content-Encoding: gzip');
        $gzip = deflate_init(ZLIB_ENCODING_GZIP);
        for ($n = 0; $n < 200; $n++) {
            echo deflate_add($gzip, padding(1), ZLIB_NO_FLUSH);
        }
        echo deflate_add($gzip, '', ZLIB_FINISH);
        break;
    case 'deflate':
        // "deflate" is the zlib format (RFC 9110 section 8.4.1.2).
        header('Content-Encoding: deflate');
        echo gzcompress("lab.deflate=yes\n");
        break;
    case 'raw-deflate':
        // What some servers send instead: RFC 1951 without the zlib frame.
        header('Content-Encoding: deflate');
        echo gzdeflate("lab.deflate=raw\n");
        break;
    case 'brotli':
        // An encoding that nobody asked for.
        header('Content-Encoding: br');
        echo "\x8b\x07\x80lab.br=yes\n\x03";
        break;
    case 'page':
        header('Content-Type: text/html; charset=utf-8');
        echo "\n<!DOCTYPE html>\n<html><body>Log in to the guests' network. a=b</body></html>\n";
        break;
    case 'reflect-status':
        // Scripts that repeat what they were told, the password too.
        http_response_code(404);
        echo 'No account ', posted('username'), ' with password ', posted('password'), "\n";
        break;
    case 'reflect-redirect':
        http_response_code(302);
        $said = urlencode(posted('password'));
        header("Location: http://10.77.1.2:8082/$said/?password=$said&again=$said");
        break;
    case 'reflect-challenge':
        http_response_code(401);
        header('WWW-Authenticate: Negotiate "' . posted('password') . '"');
        break;
    case 'empty':
        break;
    case 'binary':
        echo "lab.x=1\nlab.y=a\0b\n";
        break;
    case 'malformed':
        echo "lab.x=1\n# \\u is nothing here\nlab.y=\\u00zz\n";
        break;
    case 'latin1':
        // Says UTF-8, as PHP does, and is not.
        header('Content-Type: text/html; charset=UTF-8');
        echo "lab.x=caf\xe9\n";
        break;
    case 'utf8':
        header('Content-Type: text/plain; charset="utf-8"');
        echo "\u{feff}lab.x=café €\n";
        break;
    case 'many':
        for ($n = 0; $n < (int) $argument; $n++) {
            echo "net.java.sip.communicator.lab.key$n=value of key $n\n";
        }
        break;
    default:
        http_response_code(404);
}
