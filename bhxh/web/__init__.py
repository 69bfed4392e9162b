"""What all pages share: the frame, components, tokens, languages, headers and the built files. Knows nobody's data."""
