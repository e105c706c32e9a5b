<?php
// Settings with a password among them, for the keyring.
require 'properties.php';
header('Content-Type: text/plain');
property('net.java.sip.communicator.lab.before', 'yes');
property('net.java.sip.communicator.impl.protocol.sip.acc1.PASSWORD', password());
property('net.java.sip.communicator.lab.after', 'yes');
