"""The only place that knows everybody: configuration, settings, URLs, which client implements which port."""
