<?php
// Like sipXcom, behind HTTP authentication: an escaped ${null}, ALLOW at the
// beginning and ENFORCE at the end.
header('Content-Type: text/plain');
echo <<<'END'
    provisioning.ALLOW_PREFIX=net.java.sip.communicator
    net.java.sip.communicator.impl.protocol.sip.old=\${null}
    net.java.sip.communicator.impl.protocol.sip.acc1=acc1
    net.java.sip.communicator.impl.protocol.sip.acc1.SERVER_ADDRESS=lab.test
    org.other.key=not allowed
    provisioning.ENFORCE_PREFIX=net.java.sip.communicator.impl.protocol.sip

    END;
