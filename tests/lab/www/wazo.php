<?php
// Like Wazo's (XiVO's) provd: the User-Agent says that a Jitsi asks, the UUID
// which one it is; else a status with a line of plain text.
require 'properties.php';
header('Content-Type: text/plain; charset=UTF-8');
if (!preg_match('#^Jitsi/(\S+)$#', $_SERVER['HTTP_USER_AGENT'] ?? '', $found)) {
    http_response_code(404);
    exit("Request could not be processed\n");
}
if (posted('uuid') === '') {
    http_response_code(400);
    exit("No uuid in the request\n");
}
if (posted('uuid') === 'unknown') {
    http_response_code(404);
    exit("No device with uuid unknown\n");
}
$account = 'net.java.sip.communicator.impl.protocol.sip.acc01';
echo "# generated for $found[1]\r\n";
echo "provisioning.ENFORCE_PREFIX = net.java.sip.communicator.impl.protocol\r\n";
echo "$account = acc01\r\n";
echo "$account.ACCOUNT_UID = SIP:101@lab.test\r\n";
echo "$account.DISPLAY_NAME = Andr\xc3\xa9\r\n";
echo "$account.VERSION = $found[1]\r\n";
