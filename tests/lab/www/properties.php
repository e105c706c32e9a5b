<?php
// Writes properties the way java.util.Properties.store does.

function escaped(string $text, bool $is_key): string {
    // What is not UTF-8 is taken as ISO-8859-1, a byte for a character.
    $characters = preg_match('//u', $text)
        ? preg_split('//u', $text, -1, PREG_SPLIT_NO_EMPTY)
        : str_split($text);
    $out = '';
    foreach ($characters as $at => $character) {
        $out .= match (true) {
            $character === '\\' => '\\\\',
            $character === "\n" => '\\n',
            $character === "\r" => '\\r',
            $character === "\t" => '\\t',
            $character === ' ' && ($is_key || $at === 0) => '\\ ',
            str_contains('=:#!', $character) => '\\' . $character,
            strlen($character) === 1 && (ord($character) < 32 || ord($character) > 126)
                => sprintf('\\u%04X', ord($character)),
            // JSON has the same escapes, surrogate pairs included.
            strlen($character) > 1 => trim(json_encode($character), '"'),
            default => $character,
        };
    }
    return $out;
}

function property(string $key, string $value): void {
    echo escaped($key, true), '=', escaped($value, false), "\n";
}

/** The password of the one account, alice. */
function password(): string {
    return file_get_contents(getenv('NETLAB_DIR') . '/password');
}

function posted(string $name): string {
    return $_POST[$name] ?? '';
}
