"""Stand-in partner systems as programs of their own, speaking the real protocols over loopback sockets."""
