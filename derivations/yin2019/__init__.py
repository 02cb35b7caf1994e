"""Yin, Lyu, Zhang, Osher, Qi, Xin: Understanding Straight-Through Estimator in Training Activation Quantized Neural
Nets.

Binary activation σ(x) = 1{x > 0}, ‖w*‖ = 1. Numbers in brackets are those of the conference submission (ICLR 2019).
"""
