import sys

from network_platform.processes.launch import main

if __name__ == "__main__":
    sys.exit(main())
