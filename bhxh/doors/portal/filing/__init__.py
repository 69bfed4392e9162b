"""Filing a dossier: pages made from a procedure's own form."""
