"""Certified conversion between paper and electronic form: a scan that an officer answers for, a print that leads back to its original."""
