"""Machines with a kernel of their own, each an ordinary process of this host (User Mode Linux)."""
