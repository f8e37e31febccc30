Gan.main()
