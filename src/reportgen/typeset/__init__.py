"""From the HTML of parts to laid-out pages, each part by itself."""
