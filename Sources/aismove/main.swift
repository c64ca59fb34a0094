print("aismove")
