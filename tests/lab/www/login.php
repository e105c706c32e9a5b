<?php
// A log-in form as most provisioning scripts have it: user name and password
// among the fields, a bare 401 without a challenge, PHP's own Content-Type.
require 'properties.php';
if (posted('username') !== 'alice' || posted('password') !== password()) {
    http_response_code(401);
    echo "<html><body>Please log in.</body></html>\n";
    exit;
}
property('net.java.sip.communicator.lab.login', posted('username'));
property('net.java.sip.communicator.lab.device', posted('uuid'));
