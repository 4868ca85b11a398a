"""Proofs for unit tests that become integration tests."""
