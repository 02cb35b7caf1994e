"""The report as one HTML file that needs no network: reads a report with pages, computes nothing about a claim."""
