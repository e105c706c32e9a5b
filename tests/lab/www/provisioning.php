<?php
// Answers with what it got: verb, headers, the body as it came, and the fields
// as PHP understood them.
require 'properties.php';
header('Content-Type: text/plain; charset=ISO-8859-1');
property('lab.verb', $_SERVER['REQUEST_METHOD']);
property('lab.uri', $_SERVER['REQUEST_URI']);
property('lab.protocol', $_SERVER['SERVER_PROTOCOL']);
property('lab.scheme', $_SERVER['HTTPS'] ?? '' ? 'https' : 'http');
property('lab.user', $_SERVER['REMOTE_USER'] ?? '');
property('lab.body', file_get_contents('php://input'));
foreach (getallheaders() as $name => $value) {
    if ($name !== 'Authorization') {
        property('lab.header.' . strtolower($name), $value);
    }
}
foreach ($_POST as $name => $value) {
    property("lab.post.$name", is_array($value) ? implode(',', $value) : $value);
}
