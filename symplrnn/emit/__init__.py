"""What users see: JSON, text, LaTeX, and vector fields for other libraries."""
