"""Sources: where evidence comes from. A target becomes Documents: bytes, a path for reports, nothing parsed.

Takes targets (files and folders; URLs and bundles later), gives Documents and Unreadables, one at a time.
May import: config, pack, files, clock, errors. Network libraries live here, off the hook's path.
"""
