<?php
// Answers a provisioning request: settings for everybody, and for each phone
// its own, from phones/UUID.properties beside this script.

// A client posts what the address asks for: uuid=${uuid}&os=${osname}
$uuid = $_POST['uuid'] ?? '';

// Properties are read as ISO-8859-1; what lies beyond is written as \uXXXX.
header('Content-Type: text/plain; charset=ISO-8859-1');

/** One line, escaped as java.util.Properties reads it. */
function property(string $key, string $value): void
{
    $escape = function (string $text, string $special): string {
        $escaped = addcslashes($text, $special);
        $escaped = strtr($escaped, ["\n" => '\n', "\r" => '\r', "\t" => '\t', "\f" => '\f']);
        $units = function (array $found): string {
            $utf16 = bin2hex(iconv('UTF-8', 'UTF-16BE', $found[0]));
            return '\u' . implode('\u', str_split($utf16, 4));
        };
        return preg_replace_callback('/[^\x20-\x7e]/u', $units, $escaped);
    };
    $value = $escape($value, '\\');
    if (str_starts_with($value, ' ')) {
        $value = '\\' . $value;
    }
    echo $escape($key, '\\ :=#!'), '=', $value, "\n";
}

// Nothing but these may be set by what follows.
echo "provisioning.ALLOW_PREFIX=net.java.sip.communicator|provisioning\n";

property('net.java.sip.communicator.impl.protocol.sip.acc1.SERVER_ADDRESS', 'sip.example.com');
property('net.java.sip.communicator.impl.protocol.sip.acc1.TRANSPORT', 'TLS');

// A UUID and nothing else: the name of a file is made of it.
if (preg_match('/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/D', $uuid)) {
    $own = __DIR__ . "/phones/$uuid.properties";
    if (is_file($own)) {
        readfile($own);
    }
}
