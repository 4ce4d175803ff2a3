@_exported import DAMMKernel
@_exported import DAMMModel
@_exported import DAMMOracle
@_exported import DAMMPool
@_exported import DAMMPrices
@_exported import DAMMShared
