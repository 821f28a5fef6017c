collect_ignore = ["data/write.py"]  # it needs torch
