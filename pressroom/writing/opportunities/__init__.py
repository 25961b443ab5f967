"""Opportunities: what a collection of trends finds worth a post, and what the writers of it are shown.

collecting: asking sources, with what was stored before. computing: from answers to topics and scores, a pure function
of `Inputs` and answers, so that a replay gives the same. finding: from scores to opportunities. reading: the articles.
"""
