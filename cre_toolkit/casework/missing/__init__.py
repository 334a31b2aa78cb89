"""Children who are missing: episodes, interviews after the return, the plan, and who watches over them."""
