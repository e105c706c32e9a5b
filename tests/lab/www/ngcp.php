<?php
// Like Sipwise NGCP: user and pass as parameters, 404 for a wrong password, 403
// where provisioning is disabled; the answer rewrites METHOD and URL, with
// escaped equals signs and tokens that are to stay.
require 'properties.php';
header('Content-Type: text/plain');
if (posted('user') === 'disabled') {
    http_response_code(403);
    exit("403 - provisioning is disabled\n");
}
if (posted('user') !== 'alice' || posted('pass') !== password()) {
    http_response_code(404);
    exit("404 - not found\n");
}
$plugin = 'net.java.sip.communicator.plugin.provisioning';
$host = $_SERVER['SERVER_ADDR'] . ':' . $_SERVER['SERVER_PORT'];
echo "$plugin.METHOD=Manual\n";
echo "$plugin.URL=http://$host/ngcp.php?user\\=\${username}&pass\\=\${password}&uuid\\=\${uuid}\n";
echo "net.java.sip.communicator.impl.protocol.sip.acc_ngcp=acc_ngcp\n";
echo "net.java.sip.communicator.impl.protocol.sip.acc_ngcp.USER_ID=", posted('user'), "@lab.test\n";
