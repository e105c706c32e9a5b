<?php
// Like JitsiProvS, a Flask program: user name (user@domain) and password in the
// form, an HTML page with a bare 401, everything as text/html.
require 'properties.php';
header('Content-Type: text/html; charset=utf-8');
if (posted('username') !== 'alice@lab.test' || posted('password') !== password()) {
    http_response_code(401);
    echo "<!doctype html>\n<html lang=en>\n<title>401 Unauthorized</title>\n<h1>Unauthorized</h1>\n";
    exit;
}
[$name, $domain] = explode('@', posted('username'));
$account = "net.java.sip.communicator.impl.protocol.sip.acc1";
echo "provisioning.ALLOW_PREFIX=net.java.sip.communicator|org.jitsi\n";
echo "$account=acc1\n";
echo "$account.ACCOUNT_UID=SIP:$name@$domain\n";
echo "$account.USER_ID=$name@$domain\n";
echo "$account.SERVER_ADDRESS=$domain\n";
// Flask encodes as UTF-8, without escapes.
echo "$account.DISPLAY_NAME=Älice Ångström €\n";
foreach (['osname', 'arch', 'build'] as $field) {
    property("net.java.sip.communicator.lab.$field", posted($field));
}
