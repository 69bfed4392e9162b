"""National public service portal: dossiers in, status and results out."""
