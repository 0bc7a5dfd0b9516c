"""What runs the notebooks and publishes what they make: kernels, reports, runs and the command line."""
