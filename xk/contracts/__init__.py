"""What a valid table is: schemes, observations, sources; all faults are collected, then raised once."""
