<?php
// Like OnSIP: user and pass as parameters; at the end provisioning switches
// itself off.
require 'properties.php';
if (posted('user') !== 'alice' || posted('pass') !== password()) {
    http_response_code(401);
    exit;
}
echo <<<'END'
    net.java.sip.communicator.impl.protocol.sip.acc7=acc7
    net.java.sip.communicator.impl.protocol.sip.acc7.USER_ID=alice@lab.test
    net.java.sip.communicator.plugin.provisioning.METHOD=${null}
    net.java.sip.communicator.plugin.provisioning.URL=${null}

    END;
