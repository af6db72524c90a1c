"""Number theory behind facts: batch GCD, points on curves, factors of RSA moduli."""
