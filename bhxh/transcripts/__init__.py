"""Transcripts: what stands on a converted paper, typed twice by two officers who do not see each other's, compared and agreed."""
