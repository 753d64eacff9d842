"""What a gradient at N digits costs in mpmath, written by hand: the functions and points of bench/digits.cpp.

    python3 bench/peers/mpmath_gradient.py      # beside build/release/bench/bench_digits

Prints the least of several runs, in microseconds. mpmath computes with Python's integers, or with GMP where gmpy2 is
installed; the first line says which.
"""
import math
import time

import mpmath
from mpmath import mp, mpf


def rosenbrock(x):
    """sum of 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2, and its gradient."""
    value, g = mpf(0), [mpf(0)] * len(x)
    for i in range(len(x) - 1):
        a, b = x[i + 1] - x[i] * x[i], 1 - x[i]
        value += 100 * a * a + b * b
        g[i] -= 400 * a * x[i] + 2 * b
        g[i + 1] += 200 * a
    return value, g


def transcendental(x):
    """sum of log(1 + exp(sin(x[i]) x[i+1])) sqrt(1 + x[i]^2), and its gradient."""
    value, g = mpf(0), [mpf(0)] * len(x)
    for i in range(len(x) - 1):
        s, c = mp.sin(x[i]), mp.cos(x[i])
        e = mp.exp(s * x[i + 1])
        l, r = mp.log(1 + e), mp.sqrt(1 + x[i] * x[i])
        value += l * r
        t = r * e / (1 + e)
        g[i] += t * c * x[i + 1] + l * x[i] / r
        g[i + 1] += t * s
    return value, g


def product(n):
    """Of two n x n matrices, in microseconds."""
    a = mpmath.matrix(n, n)
    for i in range(n):
        for j in range(n):
            a[i, j] = mp.sqrt(2 * (i * n + j) + 1)
    begin = time.perf_counter()
    a * a
    return (time.perf_counter() - begin) * 1e6


def least(f, runs):
    """Of several runs, in microseconds."""
    best = math.inf
    for _ in range(runs):
        begin = time.perf_counter()
        f()
        best = min(best, time.perf_counter() - begin)
    return best * 1e6


def main():
    print(f"mpmath {mpmath.__version__}, integers of {mpmath.libmp.BACKEND}; microseconds for one gradient by hand")
    for digits in (50, 200, 1000):
        mp.dps = digits
        x = [mp.sin(mpf(0.1 * i + 0.3)) for i in range(200)]
        for name, f in (("Rosenbrock, n = 200", rosenbrock), ("transcendental, n = 200", transcendental)):
            print(f"{name:28}{digits:6} digits: {least(lambda: f(x), 5 if digits < 1000 else 3):12.4g}")
        print(f"{'product of 64x64 matrices':28}{digits:6} digits: {product(64):12.4g}")


if __name__ == "__main__":
    main()
