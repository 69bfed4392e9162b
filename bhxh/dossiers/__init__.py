"""The generic dossier engine: file, receive, gather, decide, deliver."""
