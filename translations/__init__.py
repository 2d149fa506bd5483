"""The Chinese catalogue, and the tool that keeps it in step with the code."""
