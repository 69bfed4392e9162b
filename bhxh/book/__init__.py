"""The electronic social insurance book: compose, seal, publish, render, verify."""
