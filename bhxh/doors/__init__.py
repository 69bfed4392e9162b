"""Every way in, thin: translate, one call, translate back."""
