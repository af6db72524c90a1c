"""Sources: where evidence comes from. Files become Documents, network requests become Exchanges; nothing is parsed here.

Takes targets: files, folders, issuers and evidence bundles. Gives Documents and Unreadables, or Visits, one at a time.
May import: config, pack, files, clock, errors. Network libraries are imported only here, and not for a scan of files.
"""
